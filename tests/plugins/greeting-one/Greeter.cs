namespace Greeting;

public static class Greeter
{
    public static string Text => "greeting one";
}
