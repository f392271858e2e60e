"""The phases of trade: receiving, planning, making, fulfilling, shipping, settling."""
