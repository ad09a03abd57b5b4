// Saves a network graph as a picture, which no test does. Written for the tests.
