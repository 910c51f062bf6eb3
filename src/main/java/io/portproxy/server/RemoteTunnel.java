package io.portproxy.server;

import io.portproxy.net.EventLoop;
import io.portproxy.protocol.OpaqueBytes;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.tunnel.Carrier;
import io.portproxy.tunnel.ServerTunnel;
import io.portproxy.tunnel.TunnelControl;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One tunnel of a {@link Remote}, from its admission until its end. On the remote's loop. */
final class RemoteTunnel {
    private final OpaqueBytes instance;
    private final int tunnelIndex;
    private final boolean extended;
    private final EventLoop loop;
    private final String peerAddress;
    private final Optional<TokenVerifier> token;
    // users who were given to the tunnel and have not arrived on its loop
    private final AtomicInteger underWay = new AtomicInteger();
    private boolean asked; // whether the remote has asked for a port; on the tunnel's loop
    private @Nullable ServerTunnel tunnel; // set when the tunnel is up; on the remote's loop

    /**
     * @param instance the process at the other end; a new one for each classic tunnel
     * @param extended whether the dialect is extended; the classic dialect has no instances
     * @param loop the loop that the tunnel lives on
     * @param token the token that the remote has proved; empty in the classic dialect
     */
    RemoteTunnel(
            OpaqueBytes instance,
            int tunnelIndex,
            boolean extended,
            EventLoop loop,
            String peerAddress,
            Optional<TokenVerifier> token) {
        this.instance = instance;
        this.tunnelIndex = tunnelIndex;
        this.extended = extended;
        this.loop = loop;
        this.peerAddress = peerAddress;
        this.token = token;
    }

    OpaqueBytes instance() {
        return instance;
    }

    /** The number of the tunnel among those of its instance, from 0. */
    int index() {
        return tunnelIndex;
    }

    EventLoop loop() {
        return loop;
    }

    String peerAddress() {
        return peerAddress;
    }

    NameConflict.Contender contender() {
        String host = peerAddress.substring(0, Math.max(0, peerAddress.lastIndexOf(':')));
        return new NameConflict.Contender(extended ? instance.hex() : host, host);
    }

    boolean isSameTunnel(RemoteTunnel other) {
        return instance.equals(other.instance) && tunnelIndex == other.tunnelIndex;
    }

    /** The token that the remote has proved; empty in the classic dialect. */
    Optional<TokenVerifier> token() {
        return token;
    }

    /** Records that the remote has asked for a port in this tunnel. On the tunnel's loop. */
    void setAsked() {
        asked = true;
    }

    /** Whether the remote has asked for a port in this tunnel. On the tunnel's loop. */
    boolean hasAsked() {
        return asked;
    }

    /** The tunnel is up from now on. */
    void setUp(ServerTunnel up) {
        tunnel = up;
    }

    /** The tunnel, to open streams in it, once it is up. */
    Optional<Carrier> carrier() {
        return Optional.ofNullable(tunnel);
    }

    /** The tunnel, to administer and end it, once it is up. */
    Optional<TunnelControl> control() {
        return Optional.ofNullable(tunnel);
    }

    /** The public view of the tunnel, once it is up. */
    Optional<RemoteView.Tunnel> view() {
        return control().map(up -> new RemoteView.Tunnel(instance.hex(), tunnelIndex, up.handle()));
    }

    /** Whether the tunnel is not up yet, or is about to end. */
    boolean isAway() {
        return tunnel == null || tunnel.isLeaving();
    }

    boolean isAvailable() {
        return tunnel != null && tunnel.isAvailable();
    }

    /** The number of its streams, and of users who are on their way to the tunnel. */
    int load() {
        int before = underWay.get(); // read first: a user who arrives meanwhile counts twice rather than never
        return tunnel == null ? 0 : before + tunnel.load();
    }

    /**
     * Gives the tunnel a user: runs a task on the tunnel's loop, soon. Until the task is done, and the tunnel's own load
     * counts the user, the user counts as on the way.
     *
     * @return false if the loop takes no more tasks
     */
    boolean tryGive(Runnable open) {
        underWay.incrementAndGet();
        boolean taken = loop.tryExecute(() -> {
            try {
                open.run();
            } finally {
                underWay.decrementAndGet();
            }
        });
        if (!taken) {
            underWay.decrementAndGet();
        }
        return taken;
    }
}
