package io.portproxy.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.portproxy.net.ReadyHandler;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GreetingsTest {
    private static final InetAddress CROWD = address(1);
    private static final InetAddress OTHER = address(2);
    private static final int LIMIT = 4;

    private final List<String> aborted = new ArrayList<>();
    private int crowdedOut;
    private final Greetings greetings = new Greetings(LIMIT, ended -> crowdedOut++);

    private static InetAddress address(int last) {
        try {
            return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** One that does not take itself out of the table, as the loop's end may come first. */
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
        greetings.add(greeting, address);
        return greeting;
    }

    @Test
    void takesAsManyAsTheLimitFromOneAddress() {
        for (int i = 0; i < LIMIT; i++) {
            assertThat(greetings.hasRoomFor(CROWD)).isTrue();
            add("crowd " + i, CROWD);
        }
        assertThat(greetings.hasRoomFor(CROWD)).isFalse();
        assertThat(aborted).isEmpty();
        assertThat(greetings.size()).isEqualTo(LIMIT);
        assertThat(crowdedOut).isZero();
    }

    @Test
    void anotherAddressTakesThePlaceOfTheOldestOfTheCrowd() {
        add("other", OTHER);
        for (int i = 1; i < LIMIT; i++) {
            add("crowd " + i, CROWD);
        }
        assertThat(greetings.hasRoomFor(OTHER)).isTrue();
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
        assertThat(greetings.hasRoomFor(CROWD)).isFalse();
        assertThat(greetings.hasRoomFor(OTHER)).isFalse();
        assertThat(greetings.hasRoomFor(address(3))).isTrue();
        assertThat(aborted).hasSize(1);
    }

    @Test
    void onesThatAreOverMakeRoom() {
        List<Named> all = new ArrayList<>();
        for (int i = 0; i < LIMIT; i++) {
            all.add(add("crowd " + i, CROWD));
        }
        greetings.remove(all.get(2));
        assertThat(greetings.hasRoomFor(CROWD)).isTrue();
        greetings.abortAll();
        assertThat(aborted).containsExactly("crowd 0", "crowd 1", "crowd 3");
    }
}
