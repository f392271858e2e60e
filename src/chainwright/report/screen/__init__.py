"""What a browser draws of a timeline: its parts in JavaScript, their texts and style, and what they are sent."""
