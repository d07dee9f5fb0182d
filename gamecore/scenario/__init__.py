"""What people write: scenario files, read with all their faults and places, and changed by levers."""
