using Kipuka.Enroll;

namespace Kipuka.Tests.Enroll;

public class SerialNumberTests
{
    [Fact]
    public void Serial_numbers_are_20_bytes_positive_and_never_repeat_RFC_5280_4_1_2_2()
    {
        List<byte[]> serials = [.. Enumerable.Range(0, 2000).Select(_ => SerialNumber.Next())];
        Assert.All(serials, serial =>
        {
            Assert.Equal(20, serial.Length);
            Assert.InRange(serial[0], 0x40, 0x7F);
        });
        Assert.Equal(serials.Count, serials.Select(Convert.ToHexString).Distinct().Count());
    }
}
