package io.portproxy.server.exposed;

import io.portproxy.net.Sockets;
import io.portproxy.net.UnixBind;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** The address that users of an exposed port connect to. */
public sealed interface PortAddress {
    /**
     * One port or a range of ports at an address of this machine.
     *
     * @param first the first port; resolved, port 0 for any free port
     * @param count the number of ports, 1 or more
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
     * A unix socket of this machine.
     *
     * @param bind the path, and who may connect
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

    /** Returns the address of one port. */
    static PortAddress of(InetSocketAddress address) {
        return new Ports(address, 1);
    }

    /** The address that the first port is bound to. */
    SocketAddress first();

    /** The number of ports, 1 or more. */
    int count();

    /** The addresses of all ports. */
    List<? extends SocketAddress> all();

    /** Whether one of the ports has that address. */
    boolean contains(SocketAddress address);

    /** Whether the operating system chooses the port. */
    boolean isChosenBySystem();

    /** The range, if there is more than one port. */
    Optional<PortRange> range();

    /** The text that people see: {@code 0.0.0.0:80}, {@code 0.0.0.0:3000-3010}, {@code unix:/run/app.sock}. */
    String text();
}
