package io.portproxy.server.exposed;

import io.portproxy.net.Sockets;
import io.portproxy.net.UnixBind;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Where users of an exposed port connect. */
public sealed interface PortAddress {
    /**
     * One or many ports of an address of this host.
     *
     * @param first the first of them; resolved, port 0 for any free port
     * @param count how many there are, from that one on: 1 or more
     */
    record Ports(InetSocketAddress first, int count) implements PortAddress {
        public Ports {
            if (first.isUnresolved() || count < 1 || first.getPort() + count - 1 > MAX_PORT) {
                throw new IllegalArgumentException(count + " ports from " + first + " on");
            }
        }

        @Override
        public List<InetSocketAddress> all() {
            return IntStream.range(0, count)
                    .mapToObj(i -> i == 0 ? first : new InetSocketAddress(first.getAddress(), first.getPort() + i))
                    .toList();
        }

        @Override
        public boolean contains(SocketAddress address) {
            return address instanceof InetSocketAddress ip
                    && first.getAddress().equals(ip.getAddress())
                    && first.getPort() <= ip.getPort()
                    && ip.getPort() < first.getPort() + count;
        }

        @Override
        public boolean isChosenBySystem() {
            return first.getPort() == 0;
        }

        @Override
        public Optional<PortRange> range() {
            return count > 1 ? Optional.of(new PortRange(first.getPort(), count)) : Optional.empty();
        }

        @Override
        public String text() {
            return range().map(ports -> Sockets.text(first.getAddress().getHostAddress(), ports.of(first.getPort())))
                    .orElseGet(() -> Sockets.text(first));
        }
    }

    /**
     * A unix socket of this host.
     *
     * @param bind where it is, and who may connect
     */
    record Socket(UnixBind bind) implements PortAddress {
        @Override
        public SocketAddress first() {
            return bind.address();
        }

        @Override
        public int count() {
            return 1;
        }

        @Override
        public List<SocketAddress> all() {
            return List.of(first());
        }

        @Override
        public boolean contains(SocketAddress address) {
            return first().equals(address);
        }

        @Override
        public boolean isChosenBySystem() {
            return false;
        }

        @Override
        public Optional<PortRange> range() {
            return Optional.empty();
        }

        @Override
        public String text() {
            return bind.path().toString();
        }
    }

    /** The highest port. */
    int MAX_PORT = 0xffff;

    /** One port. */
    static PortAddress of(InetSocketAddress address) {
        return new Ports(address, 1);
    }

    /** What the first of all is bound to. */
    SocketAddress first();

    /** How many there are, 1 or more. */
    int count();

    /** What each of them is bound to. */
    List<? extends SocketAddress> all();

    /** Whether one of them is bound to that. */
    boolean contains(SocketAddress address);

    /** Whether the operating system chooses the port. */
    boolean isChosenBySystem();

    /** The ports, if there are many. */
    Optional<PortRange> range();

    /** As people see it: {@code 0.0.0.0:80}, {@code 0.0.0.0:3000-3010}, {@code unix:/run/app.sock}. */
    String text();
}
