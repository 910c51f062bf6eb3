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

/** Small services around socket channels. */
public final class Sockets {
    private static final Logger log = LoggerFactory.getLogger(Sockets.class);

    private static volatile @Nullable SocketOption<Boolean> urgentInLine; // once it has been looked up

    private Sockets() {}

    /**
     * Makes a channel non-blocking, turns Nagle's algorithm off, and has the operating system ask a peer that has been
     * silent for a minute whether it is still there, so that one that vanished is found out within another,
     * unless bytes of ours were on their way to it: those the system repeats for some fifteen minutes first.
     */
    public static void prepare(SocketChannel channel) throws IOException {
        channel.configureBlocking(false);
        disableNagle(channel);
        keepAlive(channel);
    }

    /** Has small pieces sent at once, also while earlier ones are not acknowledged (RFC 9293, section 3.7.4). */
    static void disableNagle(SocketChannel channel) throws IOException {
        setIfKnown(channel, StandardSocketOptions.TCP_NODELAY, true);
    }

    /** Has the operating system look after a silent peer, as {@link #prepare} says. */
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
     * Has urgent data (RFC 6093) come as any other, at its place: nobody reads it apart here, and without this the operating
     * system takes the byte out. Java cannot set this for a listener, from which its connections would have it.
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

    /** Whether it is a unix socket: then the operating system looks after its other end, and bytes are not held back. */
    public static boolean isUnix(SocketChannel channel) {
        return !channel.supportedOptions().contains(StandardSocketOptions.TCP_NODELAY);
    }

    /** A unix socket does not know the options of TCP, and needs none. */
    private static void setIfKnown(SocketChannel channel, SocketOption<Boolean> option, boolean value)
            throws IOException {
        try {
            channel.setOption(option, value);
        } catch (UnsupportedOperationException e) {
            log.trace("{} has no {}", channel, option, e);
        }
    }

    /**
     * Whether the operating system holds bytes of the peer that have not been read. It keeps them also when a RST has come
     * behind them. {@code false} for a unix socket, of which Java does not say.
     */
    public static boolean hasUnread(SocketChannel channel) {
        try {
            return !isUnix(channel) && channel.socket().getInputStream().available() > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /** The same, {@code true} for a unix socket. */
    public static boolean mayHaveUnread(SocketChannel channel) {
        return isUnix(channel) || hasUnread(channel);
    }

    /** Closes with a RST, so that the peer cannot take what it got for the whole (RFC 9293, section 3.6.1). */
    public static void reset(SocketChannel channel) {
        endWithReset(channel, true);
        close(channel);
    }

    /**
     * Chooses what the peer sees when the channel is closed: a RST, which is also what it gets when this process is killed,
     * or a FIN behind all that was written.
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

    /** Closes; a failure to do so is only worth a line for the debugger. */
    public static void close(Closeable channel) {
        try {
            channel.close();
        } catch (IOException e) {
            log.debug("{} could not be closed", channel, e);
        }
    }

    /** The peer's address for logs: {@code 192.0.2.1:80}, {@code [2001:db8::1]:80}. */
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

    /** An address as it is written in a configuration: {@code host:port}, {@code [v6]:port} or {@code unix:/path}. */
    public static String text(SocketAddress address) {
        if (address instanceof InetSocketAddress ip) {
            return text(ip.isUnresolved() ? ip.getHostString() : ip.getAddress().getHostAddress(), ip.getPort());
        }
        return address instanceof UnixDomainSocketAddress socket ? UnixPath.PREFIX + socket : address.toString();
    }

    /** A host's name or address, IPv6 without brackets, and a port as they are written in a configuration. */
    public static String text(String host, int port) {
        return text(host, String.valueOf(port));
    }

    /** The same with what stands for a port. */
    public static String text(String host, String port) {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /**
     * A target as it is written in a configuration.
     *
     * @param host a name or address, IPv6 without brackets, or a unix socket as it is written, whose port is 0
     */
    public static String targetText(String host, int port) {
        return port == 0 && UnixPath.isWritten(host) ? host : text(host, port);
    }

    /** The address in what {@link #text(SocketAddress)} has written; empty if it is none. Looks no name up. */
    public static Optional<InetAddress> numericHost(String text) {
        int colon = text.lastIndexOf(':');
        String host = text.substring(0, Math.max(0, colon));
        return NumericAddress.parse(
                host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host);
    }

    /** Whether the operating system refused because the process, or the machine, has no file descriptor left. */
    public static boolean isOutOfDescriptors(IOException e) {
        String message = e.getMessage();
        return message != null && (message.contains("Too many open files") || message.contains("file table overflow"));
    }

    /** Whether two sockets cannot listen at these addresses at the same time. */
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
