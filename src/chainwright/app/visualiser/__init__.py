"""The visualiser: scenarios watched, disrupted, rewound and compared in the browser."""
