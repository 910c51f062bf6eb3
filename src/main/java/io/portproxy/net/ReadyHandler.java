package io.portproxy.net;

/** The handler of a channel, which an {@link EventLoop} calls. Both methods run on the loop's thread. */
public interface ReadyHandler {

    /**
     * Is called when the channel is ready for an operation in its key's interest set.
     *
     * @param readyOps the key's ready set, in the bits of {@link java.nio.channels.SelectionKey}
     */
    void ready(int readyOps);

    /**
     * Closes the channel at once, in a way that cut data does not look complete. Is called when the loop ends, or when
     * {@link #ready} has failed with a bug.
     */
    void abort();
}
