package io.portproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.protocol.ProtocolException;
import io.portproxy.protocol.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * One random history of two sessions with a link between them. The link delays, stalls and breaks, but never reorders. Everything follows
 * from the seed.
 */
final class ExtendedSimulation {
    private static final int STEPS = 300;
    private static final long STALL = 60;

    final List<ExtendedSimulatedConnection> connections = new ArrayList<>();
    final ExtendedSimulatedSide server;
    final ExtendedSimulatedSide client;
    private final Random random;
    private final MemoryCeiling serverMemory;
    private final MemoryCeiling clientMemory;
    private final int cutAt;
    private final int readsAtOnce;
    private long now;

    ExtendedSimulation(long seed) {
        random = new Random(seed);
        now = random.nextBoolean() ? 0 : Long.MAX_VALUE - 500;
        cutAt = random.nextInt(3) == 0 ? random.nextInt(STEPS) : Integer.MAX_VALUE;
        readsAtOnce = 1 + random.nextInt(400);
        serverMemory = new MemoryCeiling(100 + random.nextInt(1200));
        clientMemory = random.nextBoolean() ? serverMemory : new MemoryCeiling(100 + random.nextInt(1200));
        SessionLimits serverLimits = randomLimits();
        SessionLimits clientLimits = randomLimits();
        server = new ExtendedSimulatedSide(serverLimits, clientLimits.initialWindow(), serverMemory, () -> now);
        client = new ExtendedSimulatedSide(clientLimits, serverLimits.initialWindow(), clientMemory, () -> now);
        server.join(client);
        client.join(server);
    }

    private SessionLimits randomLimits() {
        int initial = 1 + random.nextInt(200);
        int max = initial * (1 + random.nextInt(16));
        return new SessionLimits(
                100, 100 + random.nextInt(800), Duration.ofNanos(STALL), 4 + random.nextInt(8), initial, max);
    }

    void run() throws ProtocolException {
        for (int i = 0; i < STEPS; i++) {
            step();
            if (i >= cutAt && (i == cutAt || random.nextInt(10) == 0)) {
                cutOneMore();
            }
            check();
        }
        calmDown();
        assertThat(server.session.live()).isZero();
        assertThat(client.session.live()).isZero();
        assertThat(serverMemory.used()).isZero();
        assertThat(clientMemory.used()).isZero();
        connections.forEach(ExtendedSimulation::checkOutcome);
    }

    private void step() throws ProtocolException {
        switch (random.nextInt(20)) {
            case 0 -> open();
            case 1, 2 ->
                all().filter(socket -> random.nextInt(3) == 0).forEach(socket -> socket.write(1 + random.nextInt(500)));
            case 3, 4, 5, 6, 7 ->
                all().filter(socket -> random.nextInt(4) > 0)
                        .forEach(socket -> socket.relay(1 + random.nextInt(ExtendedSimulatedSide.MAX_FRAME)));
            case 8, 9, 10, 11, 12 -> anySide().receive(1 + random.nextInt(30));
            case 13, 14 ->
                all().filter(socket -> random.nextInt(3) == 0)
                        .forEach(socket -> socket.read(random.nextInt(readsAtOnce)));
            case 15 -> dial();
            case 16 -> endOne();
            case 17 -> any().ifPresent(socket -> socket.read(1000));
            case 18 -> {
                now += random.nextInt(40);
                server.checkStall();
                client.checkStall();
            }
            default -> anySide().stalled = random.nextBoolean();
        }
    }

    private void open() {
        if (server.isCut() || !server.session.hasRoom()) {
            return;
        }
        ExtendedSimulatedConnection connection = new ExtendedSimulatedConnection(connections.size());
        connections.add(connection);
        connection.user = add(server, connection, false);
        server.send(() -> accept(connection));
    }

    private void accept(ExtendedSimulatedConnection connection) {
        if (client.session.hasRoom()) {
            connection.target = add(client, connection, true);
        } else {
            connection.causes.add(Reason.LIMIT);
            client.sendReset(connection.identity, Reason.LIMIT);
        }
    }

    private static ExtendedSimulatedSocket add(
            ExtendedSimulatedSide side, ExtendedSimulatedConnection connection, boolean connecting) {
        ExtendedSimulatedSocket socket = new ExtendedSimulatedSocket(side, connection, connecting);
        try {
            socket.belongsTo(side.session.add(connection.identity, socket));
        } catch (ProtocolException e) {
            throw new AssertionError(e);
        }
        side.sockets.add(socket);
        return socket;
    }

    private void dial() {
        List<ExtendedSimulatedSocket> dialled =
                all().filter(ExtendedSimulatedSocket::isConnecting).toList();
        for (ExtendedSimulatedSocket target : dialled) {
            if (random.nextInt(8) == 0) {
                target.breakDown(Reason.TARGET_REFUSED);
            } else {
                target.connect();
            }
        }
    }

    private void endOne() {
        any().ifPresent(socket -> {
            switch (random.nextInt(9)) {
                case 0 -> socket.breakDown(Reason.USER_RESET);
                case 1 -> socket.breakLater();
                case 2 -> socket.refuse();
                default -> socket.endInput();
            }
        });
    }

    /** Loses the tunnel: one side notices it first. */
    private void cutOneMore() {
        ExtendedSimulatedSide side = anySide();
        if (!side.isCut()) {
            side.cut();
        }
    }

    private ExtendedSimulatedSide anySide() {
        return random.nextBoolean() ? server : client;
    }

    private java.util.stream.Stream<ExtendedSimulatedSocket> all() {
        List<ExtendedSimulatedSocket> all = new ArrayList<>(server.sockets);
        all.addAll(client.sockets);
        return all.stream().filter(socket -> !socket.isOver());
    }

    private Optional<ExtendedSimulatedSocket> any() {
        List<ExtendedSimulatedSocket> all = all().toList();
        return all.isEmpty() ? Optional.empty() : Optional.of(all.get(random.nextInt(all.size())));
    }

    private void check() {
        server.check();
        client.check();
        if (serverMemory == clientMemory) {
            assertThat(serverMemory.used()).isEqualTo(server.session.waiting() + client.session.waiting());
        } else {
            assertThat(serverMemory.used()).isEqualTo(server.session.waiting());
            assertThat(clientMemory.used()).isEqualTo(client.session.waiting());
        }
        assertThat(serverMemory.used()).isLessThanOrEqualTo(serverMemory.limit() + 2 * ExtendedSimulatedSide.MAX_FRAME);
        assertThat(clientMemory.used()).isLessThanOrEqualTo(clientMemory.limit() + 2 * ExtendedSimulatedSide.MAX_FRAME);
    }

    /** Lets the link flow, reads every socket and writes no more. Everything must come to its end. */
    private void calmDown() throws ProtocolException {
        server.stalled = false;
        client.stalled = false;
        boolean cut = server.isCut() || client.isCut();
        boolean progress = true;
        while (progress) {
            all().forEach(socket -> {
                if (socket.isConnecting()) {
                    socket.connect();
                }
                socket.read(Long.MAX_VALUE);
                socket.endInput();
            });
            progress = all().filter(socket -> socket.relay(ExtendedSimulatedSide.MAX_FRAME))
                            .count()
                    > 0;
            progress |= server.receive(Integer.MAX_VALUE);
            progress |= client.receive(Integer.MAX_VALUE);
            check();
        }
        if (cut && !server.isCut()) {
            server.cut();
        } else if (cut && !client.isCut()) {
            client.cut();
        }
        check();
    }

    private static void checkOutcome(ExtendedSimulatedConnection connection) {
        ExtendedSimulatedSocket user = connection.user;
        ExtendedSimulatedSocket target = connection.target;
        assertThat(user.isOver()).isTrue();
        assertThat(target == null || target.isOver()).isTrue();
        if (connection.causes.isEmpty()) {
            assertThat(user.outcome()).isEqualTo("complete");
            assertThat(target).isNotNull();
            assertThat(target.outcome()).isEqualTo("complete");
        }
        if (user.outcome().equals("refused") && target != null) {
            assertThat(target.outcome()).isNotEqualTo("complete");
        }
    }
}
