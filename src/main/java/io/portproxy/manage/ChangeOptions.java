package io.portproxy.manage;

import java.time.Duration;
import java.util.Optional;

/**
 * Options for a change.
 *
 * @param dryRun whether to only try the change: new ports are bound for a moment, and nothing changes
 * @param drain how long the streams of removed or disabled ports may continue; empty for the server's default
 */
public record ChangeOptions(boolean dryRun, Optional<Duration> drain) {
    /** Makes the change, and uses the server's default for {@link #drain}. */
    public static final ChangeOptions DEFAULT = new ChangeOptions(false, Optional.empty());
}
