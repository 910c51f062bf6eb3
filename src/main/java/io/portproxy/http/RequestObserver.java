package io.portproxy.http;

/** Hears of the requests of one connection that go to its target, and of their answers, each in order. On the connection's loop. */
public interface RequestObserver {
    /** For who does not care. */
    RequestObserver NONE = new RequestObserver() {};

    /** One is on its way. What it says is there only during the call. */
    default void requested(RequestView request) {}

    /** The head of the final answer to the oldest one without any has come. */
    default void answered(int status) {}

    /**
     * That answer is complete.
     *
     * @param bytes of its body, with what frames it
     */
    default void completed(long bytes) {}
}
