package io.portproxy.server;

import io.portproxy.mux.Identities;
import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.server.limits.LimitLevel;
import io.portproxy.tunnel.telemetry.EventSink;
import java.security.SecureRandom;

/**
 * The objects that all remotes of a proxy server share.
 *
 * @param identities creates the identities of streams
 * @param memory the memory limit that all tunnels of the process share
 * @param events gets the events
 * @param userLimits the limits for all users together
 * @param held the room for users who wait for remotes that are away
 */
record ServerContext(
        ServerSettings settings,
        EventLoopGroup loops,
        Identities identities,
        MemoryCeiling memory,
        SecureRandom random,
        EventSink events,
        LimitLevel userLimits,
        HeldRoom held) {}
