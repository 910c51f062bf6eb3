package io.portproxy.client;

import io.portproxy.protocol.ExposeRefusal;

/** Hears of the ports that this remote asks its proxy server for. On an event loop, so it must not wait. */
public interface ExposeListener {
    /** Nobody. */
    ExposeListener NONE = new ExposeListener() {
        @Override
        public void exposed(ExposedTarget exposed) {
            // The log has it.
        }

        @Override
        public void refused(String target, ExposeRefusal reason, String message) {
            // The log has it.
        }
    };

    /** A target is exposed: told first, and when it is at another address than before. */
    void exposed(ExposedTarget exposed);

    /**
     * A target is not exposed, or not any more.
     *
     * @param target the target's {@code host:port}
     * @param message why, for people
     */
    void refused(String target, ExposeRefusal reason, String message);
}
