namespace Kipuka.Policy;

/// <summary>A pattern of <c>allowed_subjects</c> and <c>subjects</c>: <c>*</c> is any run of characters, <c>?</c> any one; the whole text must match.</summary>
internal static class Glob
{
    // Linear in text × stars: on a mismatch only the last star is widened, so no pattern can make it explode.
    public static bool Matches(string pattern, string text)
    {
        int p = 0, t = 0, star = -1, resume = 0;
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = t;
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == text[t]))
            {
                p++;
                t++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                t = ++resume;
            }
            else
            {
                return false;
            }
        }
        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}
