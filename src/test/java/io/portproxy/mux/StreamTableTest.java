package io.portproxy.mux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.portproxy.protocol.Identity;
import io.portproxy.protocol.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StreamTableTest {
    private static final Endpoint NONE = new Endpoint() {
        @Override
        public void deliver(ByteBuffer data) {}

        @Override
        public void sendRoomGrew() {}

        @Override
        public void finish() {}

        @Override
        public void finishAndClose() {}

        @Override
        public void release() {}

        @Override
        public void reset(Reason reason) {}
    };

    private final StreamTable table = new StreamTable();

    @Test
    void findsNothingWhenEmpty() {
        assertThat(table.get(0)).isNull();
        assertThat(table.get(Identity.MAX)).isNull();
        assertThat(table.toList()).isEmpty();
    }

    @Test
    void findsTheSmallestAndTheLargestIdentity() {
        Stream smallest = stream(0);
        Stream largest = stream(Identity.MAX);

        table.add(smallest);
        table.add(largest);

        assertThat(table.get(0)).isSameAs(smallest);
        assertThat(table.get(Identity.MAX)).isSameAs(largest);
        assertThat(table.get(1)).isNull();
    }

    @Test
    void refusesToRemoveWhatIsNotThere() {
        table.add(stream(7));

        assertThatIllegalStateException().isThrownBy(() -> table.remove(stream(8)));
        assertThatIllegalStateException().isThrownBy(() -> table.remove(stream(7))); // another stream of that identity
        assertThat(table.toList()).hasSize(1);
    }

    @Test
    void behavesAsAMapForIdentitiesInARow() {
        long[] row =
                LongStream.range(0x6543_21ab_0000L, 0x6543_21ab_0000L + 600).toArray();
        for (int seed = 0; seed < 30; seed++) {
            compareWithAMap(row, new Random(seed));
        }
    }

    @Test
    void behavesAsAMapForRandomIdentities() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            long[] few = random.longs(1 + random.nextInt(40), 0, Identity.MAX + 1)
                    .distinct()
                    .toArray();
            compareWithAMap(few, random);
        }
    }

    @Test
    void behavesAsAMapForIdentitiesThatShareASlot() {
        // The hashes of these identities lead to the last slots of the table, so the search continues at its beginning.
        long[] colliding = LongStream.range(0, Identity.MAX)
                .filter(identity -> (((identity * 0x9E3779B97F4A7C15L) >>> 40) & 0xff) >= 0xfe)
                .limit(100)
                .toArray();
        for (int seed = 0; seed < 100; seed++) {
            compareWithAMap(colliding, new Random(seed));
        }
    }

    /** Compares the table with a map while both grow and shrink in waves. */
    private static void compareWithAMap(long[] identities, Random random) {
        StreamTable table = new StreamTable();
        Map<Long, Stream> model = new HashMap<>();
        for (int i = 0; i < 1500; i++) {
            long identity = identities[random.nextInt(identities.length)];
            Stream there = model.get(identity);
            assertThat(table.get(identity)).isSameAs(there);
            boolean growing = i / 300 % 2 == 0;
            if (there == null && (growing || random.nextInt(4) == 0)) {
                Stream added = stream(identity);
                table.add(added);
                model.put(identity, added);
            } else if (there != null && (!growing || random.nextInt(4) == 0)) {
                table.remove(there);
                model.remove(identity);
            }
            if (i % 50 == 0) {
                assertSame(table, model, identities);
            }
        }
        for (Stream left : new ArrayList<>(model.values())) {
            table.remove(left);
            model.remove(left.identity());
        }
        assertSame(table, model, identities);
    }

    private static void assertSame(StreamTable table, Map<Long, Stream> model, long[] identities) {
        List<Stream> listed = table.toList();
        assertThat(listed).containsExactlyInAnyOrderElementsOf(model.values());
        for (long identity : identities) {
            assertThat(table.get(identity)).isSameAs(model.get(identity));
        }
    }

    private static Stream stream(long identity) {
        return new Stream(identity, NONE);
    }
}
