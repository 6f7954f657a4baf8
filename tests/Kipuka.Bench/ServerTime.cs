using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Kipuka.Bench;

/// <summary>The processor time of another process, user and system, to the nanosecond: /proc/PID/stat counts in hundredths of a second.</summary>
internal static class ServerTime
{
    public static TimeSpan Of(int process)
    {
        if (clock_getcpuclockid(process, out var clock) is not 0 and var error)
        {
            throw new Win32Exception(error);
        }
        return clock_gettime(clock, out var time) == 0
            ? TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromMicroseconds(time.Nanoseconds / 1000.0)
            : throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int clock_getcpuclockid(int process, out int clock);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int clock_gettime(int clock, out Time time);

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct Time
    {
        public readonly nint Seconds;
        public readonly nint Nanoseconds;
    }
}
