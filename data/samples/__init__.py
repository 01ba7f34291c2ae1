"""Sample cities: real where it can be, simulated where it says so."""
