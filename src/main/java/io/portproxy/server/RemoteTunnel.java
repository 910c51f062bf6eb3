package io.portproxy.server;

import io.portproxy.net.EventLoop;
import io.portproxy.protocol.Opaque;
import io.portproxy.protocol.TokenVerifier;
import io.portproxy.tunnel.Carrier;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One tunnel of a {@link Remote}, from its admission on. On the remote's loop. */
final class RemoteTunnel {
    private final Opaque instance;
    private final int tunnelIndex;
    private final boolean extended;
    private final EventLoop loop;
    private final String peerAddress;
    private final Optional<TokenVerifier> token;
    private final AtomicInteger underWay = new AtomicInteger(); // users on their way to the tunnel's loop
    private boolean asked; // for a port; on the tunnel's loop
    private @Nullable Carrier carrier; // once it is up, on the remote's loop

    /**
     * @param instance the process at the other end; one of its own for each classic tunnel
     * @param extended the dialect, of which classic has no instances
     * @param loop the loop that the tunnel lives on
     * @param token what the remote has proved to hold; empty in the classic dialect
     */
    RemoteTunnel(
            Opaque instance,
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

    Opaque instance() {
        return instance;
    }

    /** Which one of the instance's tunnels, from 0. */
    int index() {
        return tunnelIndex;
    }

    EventLoop loop() {
        return loop;
    }

    String peerAddress() {
        return peerAddress;
    }

    Quarrel.Contender contender() {
        String host = peerAddress.substring(0, Math.max(0, peerAddress.lastIndexOf(':')));
        return new Quarrel.Contender(extended ? instance.hex() : host, host);
    }

    boolean isSameTunnel(RemoteTunnel other) {
        return instance.equals(other.instance) && tunnelIndex == other.tunnelIndex;
    }

    /** What the remote has proved to hold; empty in the classic dialect. */
    Optional<TokenVerifier> token() {
        return token;
    }

    /** The remote has asked for a port in it. On the tunnel's loop. */
    void setAsked() {
        asked = true;
    }

    /** Whether the remote has asked for a port in it. On the tunnel's loop. */
    boolean hasAsked() {
        return asked;
    }

    void setCarrier(Carrier up) {
        carrier = up;
    }

    /** What carries streams, once it is up. */
    Optional<Carrier> carrier() {
        return Optional.ofNullable(carrier);
    }

    /** What others may know of it, once it is up. */
    Optional<RemoteView.Tunnel> view() {
        return carrier().map(up -> new RemoteView.Tunnel(instance.hex(), tunnelIndex, up.handle()));
    }

    /** Whether it is not up yet, or about to end. */
    boolean isAway() {
        return carrier == null || carrier.isLeaving();
    }

    boolean isAvailable() {
        return carrier != null && carrier.isAvailable();
    }

    /** Its streams, and the users that it was given and that are not among these yet. */
    int load() {
        int before = underWay.get(); // read first: who arrives meanwhile counts twice and not never
        return carrier == null ? 0 : before + carrier.load();
    }

    /** It is given a user, which the tunnel's load will show later. */
    void give() {
        underWay.incrementAndGet();
    }

    /** The tunnel's load shows that user, or it was refused. Any thread. */
    void given() {
        underWay.decrementAndGet();
    }
}
