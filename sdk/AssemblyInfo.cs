using System.Runtime.CompilerServices;

// The host starts plugins through members that plugin authors neither see nor can call.
[assembly: InternalsVisibleTo("kipuka")]
