package io.portproxy.manage;

import java.time.Duration;
import java.util.Optional;

/**
 * How a change is to be made.
 *
 * @param dryRun whether it is only to be tried: new ports are bound for a moment, and nothing changes
 * @param drain how long the streams of ports that are removed or disabled may go on; empty for the server's default
 */
public record ChangeOptions(boolean dryRun, Optional<Duration> drain) {
    /** Do it, with the server's default for the rest. */
    public static final ChangeOptions DEFAULT = new ChangeOptions(false, Optional.empty());
}
