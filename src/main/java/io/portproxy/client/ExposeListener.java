package io.portproxy.client;

import io.portproxy.protocol.ExposeRefusal;

/** Receives the results for the ports that this remote asks its proxy server for. Is called on an event loop, so it must not block. */
public interface ExposeListener {
    /** Ignores the results. */
    ExposeListener NONE = new ExposeListener() {
        @Override
        public void exposed(ExposedTarget exposed) {
            // The log already contains it.
        }

        @Override
        public void refused(String target, ExposeRefusal reason, String message) {
            // The log already contains it.
        }
    };

    /** Is called when a target is exposed for the first time, and when its address changes. */
    void exposed(ExposedTarget exposed);

    /**
     * Is called when a target is not exposed, or no longer exposed.
     *
     * @param target the target's {@code host:port}
     * @param message the reason, in words for people
     */
    void refused(String target, ExposeRefusal reason, String message);
}
