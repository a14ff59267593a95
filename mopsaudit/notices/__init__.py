"""What leaves the house by itself: calendar addresses people subscribe to."""
