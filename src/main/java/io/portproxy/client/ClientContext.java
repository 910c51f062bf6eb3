package io.portproxy.client;

import io.portproxy.mux.MemoryCeiling;
import io.portproxy.net.EventLoopGroup;
import io.portproxy.net.tls.TlsResources;
import io.portproxy.protocol.OpaqueBytes;
import java.security.SecureRandom;

/**
 * The objects that all tunnels of a remote share.
 *
 * @param instance identifies this process to servers
 * @param exposeListener receives the results for ports that the remote asks for
 */
record ClientContext(
        ClientSettings settings,
        OpaqueBytes instance,
        EventLoopGroup loops,
        Resolver resolver,
        TlsResources tlsResources,
        MemoryCeiling memory,
        SecureRandom random,
        ClientTotals counts,
        UplinkEvents events,
        ExposeListener exposeListener) {}
