package io.portproxy.net;

/**
 * The purpose of a buffer. The more important the purpose, the larger the part of the {@link MemoryBudget} that it may
 * use.
 */
public enum MemoryUse {
    /** A large buffer, where a small one is also possible, but slower: three eighths of the budget. */
    BULK(3),
    /** Bytes that can also stay in the socket of their sender: seven eighths. */
    DATA(7),
    /** Bytes that have already been read, and control instructions: all of the budget. */
    NEEDED(8);

    private final int eighths;

    MemoryUse(int eighths) {
        this.eighths = eighths;
    }

    /** Returns how much of a budget may be in use, including this use. */
    long share(long limit) {
        return limit / 8 * eighths;
    }
}
