"""Random draws for the oracles: SplitMix64, xoshiro256** and Lemire's rejection, from their papers."""
MASK = 2**64 - 1


def splitmix(seed):
    while True:
        seed = (seed + 0x9E3779B97F4A7C15) & MASK
        z = seed
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9 & MASK
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB & MASK
        yield z ^ (z >> 31)


def rotate(x, k):
    return (x << k | x >> (64 - k)) & MASK


def xoshiro(seed):
    mix = splitmix(seed)
    s = [next(mix) for _ in range(4)]
    while True:
        yield rotate(s[1] * 5 & MASK, 7) * 9 & MASK
        t = s[1] << 17 & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotate(s[3], 45)


def below(source, bound):
    while True:
        product = (next(source) >> 32) * bound
        if product % 2**32 >= 2**32 % bound:
            return product >> 32


def percentile(values, p):
    """Linear between order statistics, of exact numbers."""
    ordered = sorted(values)
    at = p * (len(ordered) - 1)
    i = int(at)
    a, b = ordered[i], ordered[min(i + 1, len(ordered) - 1)]
    return a if a == b else a + (at - i) * (b - a)
