"""What goes out of the house: calendar, workouts, tables."""
