"""The phases of risk: events start, act, fade and end."""
