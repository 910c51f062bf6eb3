package io.portproxy.client;

import java.util.Optional;

/**
 * A target that a remote asks a proxy server to expose, as it was at one moment.
 *
 * @param target the target's {@code host:port}
 * @param server the server's {@code host:port}
 * @param address what users connect to; empty while the server exposes it nowhere
 * @param refusal why it does not; empty if it does, and before it has answered
 */
public record ExposureView(String target, String server, Optional<String> address, Optional<String> refusal) {
    /** {@code exposed}, {@code refused}, or {@code asked} before there is an answer. */
    public String state() {
        return refusal.isPresent() ? "refused" : address.isPresent() ? "exposed" : "asked";
    }
}
