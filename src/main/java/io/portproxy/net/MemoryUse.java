package io.portproxy.net;

/** What a buffer is wanted for: the less can be done without it, the more of the {@link MemoryBudget} it may use. */
public enum MemoryUse {
    /** A large buffer, where a small one would do, only slower: three eighths of the budget. */
    BULK(3),
    /** Bytes that can as well stay in the socket of whoever sends them: seven eighths. */
    DATA(7),
    /** Bytes that have been read already, and control instructions: all of it. */
    NEEDED(8);

    private final int eighths;

    MemoryUse(int eighths) {
        this.eighths = eighths;
    }

    /** How much of a budget may be in use, this use included. */
    long share(long limit) {
        return limit / 8 * eighths;
    }
}
