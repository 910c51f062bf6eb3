package io.portproxy.server;

import io.portproxy.usage.Quota;
import java.time.Instant;
import java.util.Optional;

/**
 * The use of a quota.
 *
 * @param port the exposed address or the host that has the quota; empty for the whole remote
 * @param quota the quota
 * @param used the bytes that have passed in the current hour, day or month, as of the last check
 * @param resets when the next hour, day or month begins
 */
public record QuotaView(Optional<String> port, Quota quota, long used, Instant resets) {
    /** Whether the quota is used up, so that users are refused. */
    public boolean isUsedUp() {
        return used >= quota.bytes();
    }
}
