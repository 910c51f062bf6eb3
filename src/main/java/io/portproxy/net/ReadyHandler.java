package io.portproxy.net;

/** What an {@link EventLoop} calls for a channel. Both methods run on the loop's thread. */
public interface ReadyHandler {

    /**
     * The channel can do what its key's interest set asked for.
     *
     * @param readyOps the key's ready set, of {@link java.nio.channels.SelectionKey}'s bits
     */
    void ready(int readyOps);

    /**
     * Close the channel at once and so that nothing cut looks complete: the loop ends, or {@link #ready} failed with a
     * bug.
     */
    void abort();
}
