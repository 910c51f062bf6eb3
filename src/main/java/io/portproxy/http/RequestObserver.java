package io.portproxy.http;

/** Is notified of the requests of one connection that go to its target, and of their answers, each in order. On the connection's loop. */
public interface RequestObserver {
    /** Ignores all notifications. */
    RequestObserver NONE = new RequestObserver() {};

    /** Is called when a request is on its way. The content of {@code request} is valid only during the call. */
    default void requested(RequestView request) {}

    /** Is called when the head of the final answer to the oldest unanswered request has come. */
    default void answered(int status) {}

    /**
     * Is called when that answer is complete.
     *
     * @param bytes the length of its body, with its framing
     */
    default void completed(long bytes) {}
}
