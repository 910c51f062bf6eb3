package io.portproxy.server;

import io.portproxy.usage.Quota;
import java.time.Instant;
import java.util.Optional;

/**
 * How much of a quota is used.
 *
 * @param port whose it is: the exposed address, or the host; empty for all of the remote
 * @param quota how much there is
 * @param used bytes that have passed in this hour, day or month, as seen at the last look
 * @param resets when the next one begins
 */
public record QuotaView(Optional<String> port, Quota quota, long used, Instant resets) {
    /** Whether nothing is left, so that users are refused. */
    public boolean isUsedUp() {
        return used >= quota.bytes();
    }
}
