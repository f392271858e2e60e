"""Tests against results that are known without this simulator."""
