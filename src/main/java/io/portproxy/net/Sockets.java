package io.portproxy.net;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.Set;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Helpers for socket channels. */
public final class Sockets {
    private static final Logger log = LoggerFactory.getLogger(Sockets.class);

    private static volatile @Nullable SocketOption<Boolean> urgentInLine; // null before the first look-up

    private Sockets() {}

    /**
     * Makes a channel non-blocking and turns Nagle's algorithm off. Also turns keep-alive on: when a peer has been
     * silent for a minute, the operating system asks whether it is still there, and detects within another minute that
     * it is gone. If bytes of this side were on their way to the peer, that takes longer: the system first repeats them
     * for some fifteen minutes.
     */
    public static void prepare(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        disableNagle(channel);
        keepAlive(channel);
    }

    /**
     * Makes the system send small pieces at once, even while earlier ones are not acknowledged (RFC 9293, section
     * 3.7.4).
     */
    static void disableNagle(SocketChannel channel) throws IOException {
        setIfKnown(channel, StandardSocketOptions.TCP_NODELAY, true);
    }

    /** Turns keep-alive on, as {@link #prepare} describes. */
    static void keepAlive(SocketChannel channel) throws IOException {
        Set<SocketOption<?>> known = channel.supportedOptions();
        if (known.contains(StandardSocketOptions.SO_KEEPALIVE)) {
            channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        }
        if (known.contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
            channel.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 60);
            channel.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 15);
            channel.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 4);
        }
    }

    /**
     * Makes urgent data (RFC 6093) arrive like any other data, at its place. Nothing here reads it separately, and
     * without this option the operating system would remove the byte. Java cannot set the option on a listener, whose
     * connections would inherit it.
     */
    @SuppressWarnings("unchecked") // the name of an option of StandardSocketOptions' kind that Java does not list there
    public static void urgentInLine(SocketChannel channel) throws IOException {
        SocketOption<Boolean> option = urgentInLine;
        if (option == null) {
            if (isUnix(channel)) {
                return; // there is no urgent data
            }
            option = (SocketOption<Boolean>) channel.supportedOptions().stream()
                    .filter(known -> known.name().equals("SO_OOBINLINE"))
                    .findFirst()
                    .orElseThrow(() -> new IOException("this JVM does not know SO_OOBINLINE"));
            urgentInLine = option;
        }
        setIfKnown(channel, option, true);
    }

    /**
     * Returns whether it is a unix socket. The operating system then always knows the state of its other end, and never
     * holds bytes back.
     */
    public static boolean isUnix(SocketChannel channel) {
        return !channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY);
    }

    /** Sets an option if the socket has it. A unix socket does not have the options of TCP, and does not need them. */
    private static void setIfKnown(SocketChannel channel, SocketOption<Boolean> option, boolean value)
            throws IOException {
        try {
            channel.setOption(option, value);
        } catch (UnsupportedOperationException e) {
            log.trace("{} has no {}", channel, option, e);
        }
    }

    /**
     * Returns whether the operating system holds bytes of the peer that have not been read. It keeps them even if a RST
     * has come after them. Returns {@code false} for a unix socket, because Java does not tell.
     */
    public static boolean hasUnread(SocketChannel channel) {
        try {
            return !isUnix(channel) && channel.socket().getInputStream().available() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** Does the same, but returns {@code true} for a unix socket. */
    public static boolean mayHaveUnread(SocketChannel channel) {
        return isUnix(channel) || hasUnread(channel);
    }

    /**
     * Closes with a RST, so that the peer cannot take the bytes that it got for the whole (RFC 9293, section 3.6.1).
     */
    public static void reset(SocketChannel channel) {
        endWithReset(channel, true);
        close(channel);
    }

    /**
     * Chooses what the peer sees when the channel is closed: a RST, which the peer then also gets if this process is
     * killed, or a FIN after all written bytes.
     */
    public static void endWithReset(SocketChannel channel, boolean reset) {
        if (channel.isOpen()) {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, reset ? 0 : -1);
            } catch (IOException | UnsupportedOperationException e) {
                log.debug("the linger option of {} could not be set", channel, e);
            }
        }
    }

    /** Closes a channel. A failure is only logged at level debug. */
    public static void close(Closeable channel) {
        try {
            channel.close();
        } catch (IOException e) {
            log.debug("{} could not be closed", channel, e);
        }
    }

    /** Returns the peer's address for logs: {@code 192.0.2.1:80}, {@code [2001:db8::1]:80}. */
    public static String remote(SocketChannel channel) {
        try {
            SocketAddress peer = channel.getRemoteAddress();
            if (peer instanceof InetSocketAddress address) {
                return text(address);
            }
            return peer == null ? "not connected" : UnixPath.PEER;
        } catch (IOException e) {
            return "closed";
        }
    }

    /**
     * Returns an address as it is written in a configuration: {@code host:port}, {@code [v6]:port} or
     * {@code unix:/path}.
     */
    public static String text(SocketAddress address) {
        if (address instanceof InetSocketAddress ip) {
            return text(ip.isUnresolved() ? ip.getHostString() : ip.getAddress().getHostAddress(), ip.getPort());
        }
        return address instanceof UnixDomainSocketAddress socket ? UnixPath.PREFIX + socket : address.toString();
    }

    /**
     * Returns a host and a port as they are written in a configuration. The host is a name or an address, IPv6 without
     * brackets.
     */
    public static String text(String host, int port) {
        return text(host, String.valueOf(port));
    }

    /** Does the same, with a text in place of the port. */
    public static String text(String host, String port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /**
     * Returns a target as it is written in a configuration.
     *
     * @param host a name or an address, IPv6 without brackets, or a unix socket as it is written; its port is then 0
     */
    public static String targetText(String host, int port) {
        return port == 0 && UnixPath.isWritten(host) ? host : text(host, port);
    }

    /**
     * Returns the address in a text that {@link #text(SocketAddress)} has written; empty if there is none. Looks up no
     * name.
     */
    public static Optional<InetAddress> numericHost(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, Math.max(0, colon));
        return NumericAddress.parse(
                host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host);
    }

    /** Returns whether the cause is that the process, or the machine, has no file descriptor left. */
    public static boolean isOutOfDescriptors(IOException e) {
        String message = e.getMessage();
        return message != null && (message.contains("Too many open files") || message.contains("file table overflow"));
    }

    /** Returns whether two sockets cannot listen at these addresses at the same time. */
    public static boolean overlap(SocketAddress one, SocketAddress other) {
        if (one instanceof InetSocketAddress first && other instanceof InetSocketAddress second) {
            return overlap(first, second);
        }
        return one.equals(other);
    }

    private static boolean overlap(InetSocketAddress one, InetSocketAddress other) {
        return one.getPort() == other.getPort()
                && (one.getAddress().equals(other.getAddress())
                        || one.getAddress().isAnyLocalAddress()
                        || other.getAddress().isAnyLocalAddress());
    }
}
