package io.portproxy.net;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.NetworkChannel;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Optional;

/**
 * Opens a channel and binds it. If that is not possible, it throws a {@link ListenException} with the reason. Any
 * thread.
 */
public final class Binding {
    private Binding() {}

    /** Opens a channel. */
    @FunctionalInterface
    public interface Opener<C> {
        /**
         * Opens a channel that is not bound.
         *
         * @param family the only family of the channel; empty for the default of the JDK
         */
        C open(Optional<ProtocolFamily> family) throws IOException;
    }

    /** Binds a channel. */
    @FunctionalInterface
    public interface Binder<C, T> {
        /** Sets the options that must be set first, binds the channel, and returns the object made from it. */
        T bind(C channel) throws IOException;
    }

    /**
     * Opens a channel for an address and binds it. If the channel cannot be bound, it is closed again.
     *
     * @param address the address. 0.0.0.0 means IPv4 alone; a channel of the default family would accept IPv6 as well
     * @throws ListenException if the address is in use, does not belong to this machine, or is not permitted
     */
    public static <C extends NetworkChannel, T> T bind(SocketAddress address, Opener<C> opener, Binder<C, T> binder)
            throws ListenException {
        C channel;
        try {
            channel = opener.open(family(address));
        } catch (IOException e) {
            throw new ListenException(address, e);
        }
        try {
            return binder.bind(channel);
        } catch (IOException e) {
            Sockets.close(channel);
            throw new ListenException(address, e);
        } catch (UnsupportedAddressTypeException | UnresolvedAddressException e) {
            Sockets.close(channel);
            throw new ListenException(address, new IOException("this machine does not have such addresses", e));
        }
    }

    private static Optional<ProtocolFamily> family(SocketAddress address) {
        if (address instanceof UnixDomainSocketAddress) {
            return Optional.of(StandardProtocolFamily.UNIX);
        }
        return address instanceof InetSocketAddress ip && ip.getAddress() instanceof Inet4Address
                ? Optional.of(StandardProtocolFamily.INET)
                : Optional.empty();
    }
}
