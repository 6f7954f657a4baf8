// Every class starts servers and programs, and one of them kills its server under load: side by side they would only slow each other down.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
