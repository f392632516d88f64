"""The pytest plugin: collects case folders and runs every aspect of each as a test of its own."""
