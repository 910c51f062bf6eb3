package io.portproxy.client;

import java.time.Duration;

/**
 * How long the steps to a tunnel may take, and the waits between attempts.
 *
 * @param connectTimeout for one dial, of the proxy server or of a target
 * @param greetingTimeout for a greeting in the extended dialect, the TLS handshake not included, which has as long
 * @param backoffInitial the wait before the first new dial is at most this
 * @param backoffMax the wait before any later dial is at most this
 */
public record DialTimes(
        Duration connectTimeout, Duration greetingTimeout, Duration backoffInitial, Duration backoffMax) {

    public DialTimes withConnectTimeout(Duration timeout) {
        return new DialTimes(timeout, greetingTimeout, backoffInitial, backoffMax);
    }

    public DialTimes withGreetingTimeout(Duration timeout) {
        return new DialTimes(connectTimeout, timeout, backoffInitial, backoffMax);
    }

    /** With waits that do not grow. */
    public DialTimes withBackoff(Duration always) {
        return new DialTimes(connectTimeout, greetingTimeout, always, always);
    }
}
