package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingConnectionsTest {
    private static final InetAddress CROWD = address(1);
    private static final InetAddress OTHER = address(2);
    private static final int LIMIT = 4;

    private final List<String> aborted = new ArrayList<>();
    private int crowdedOut;
    private final PendingConnections greetings = new PendingConnections(LIMIT, ended -> crowdedOut++);

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A connection that does not remove itself from the table, because the loop may end first. */
    private final class Named implements ReadyHandler {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public void ready(int readyOps) {
            throw new IllegalStateException("it has no channel");
        }

        @Override
        public void abort() {
            aborted.add(name);
        }
    }

    private Named add(String name, InetAddress address) {
        Named greeting = new Named(name);
        greetings.add(greeting, new InetSocketAddress(address, 4711));
        return greeting;
    }

    private Named come(String name, InetAddress address) {
        greetings.makeRoomFor(address);
        return add(name, address);
    }

    @Test
    void takesAsManyAsTheLimitFromOneAddressAndThenEndsItsOldest() {
        for (int i = 0; i < LIMIT; i++) {
            come("crowd " + i, CROWD);
        }
        assertThat(aborted).isEmpty();
        come("newcomer", CROWD);
        assertThat(aborted).containsExactly("crowd 0");
        assertThat(greetings.size()).isEqualTo(LIMIT);
        assertThat(crowdedOut).isEqualTo(1);
    }

    @Test
    void anotherAddressTakesThePlaceOfTheOldestOfTheCrowd() {
        add("other", OTHER);
        for (int i = 1; i < LIMIT; i++) {
            add("crowd " + i, CROWD);
        }
        greetings.makeRoomFor(OTHER);
        assertThat(aborted).containsExactly("crowd 1");
        assertThat(greetings.size()).isEqualTo(LIMIT - 1);
        assertThat(crowdedOut).isEqualTo(1);
    }

    @Test
    void addressesThatHaveTheSameNumberDoNotPushEachOtherOut() {
        add("crowd 1", CROWD);
        add("other 1", OTHER);
        add("crowd 2", CROWD);
        add("other 2", OTHER);
        come("crowd 3", CROWD);
        come("other 3", OTHER);
        assertThat(aborted).containsExactly("crowd 1", "other 1");
        come("third", address(3));
        assertThat(aborted).hasSize(3);
    }

    @Test
    void whereEachAddressHasOneANewOneStillGetsIn() {
        for (int i = 1; i <= LIMIT; i++) {
            add("address " + i, address(i));
        }
        come("newcomer", address(LIMIT + 1));
        assertThat(aborted).hasSize(1);
        assertThat(greetings.size()).isEqualTo(LIMIT);
    }

    @Test
    void onesThatAreOverMakeRoom() {
        List<Named> all = new ArrayList<>();
        for (int i = 0; i < LIMIT; i++) {
            all.add(add("crowd " + i, CROWD));
        }
        greetings.remove(all.get(2));
        come("late", CROWD);
        assertThat(aborted).isEmpty();
        greetings.abortAll();
        assertThat(aborted).containsExactly("crowd 0", "crowd 1", "crowd 3", "late");
    }
}
