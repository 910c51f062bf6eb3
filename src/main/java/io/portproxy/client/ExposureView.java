package io.portproxy.client;

import java.util.Optional;

/**
 * The state, at one moment, of a target that a remote asks a proxy server to expose.
 *
 * @param target the target's {@code host:port}
 * @param server the server's {@code host:port}
 * @param address the address that users connect to; empty while the server does not expose the target
 * @param refusal why the server does not expose the target; empty if it does, and before its answer
 */
public record ExposureView(String target, String server, Optional<String> address, Optional<String> refusal) {
    /** Returns {@code exposed}, {@code refused}, or {@code asked} before there is an answer. */
    public String state() {
        return refusal.isPresent() ? "refused" : address.isPresent() ? "exposed" : "asked";
    }
}
