// One browser and one server for all: side by side they would only wait for each other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
