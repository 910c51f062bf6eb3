package io.portproxy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressSetTest {
    private static AddressSet set(String... ranges) {
        return AddressSet.of(Stream.of(ranges).map(AddressRange::parse).toList());
    }

    private static InetAddress address(String text) {
        return AddressRange.parse(text).address();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.0.0.0, true",
        "10.0.0.0/8, 10.255.255.255, true",
        "10.0.0.0/8, 11.0.0.0, false",
        "10.0.0.0/8, 9.255.255.255, false",
        "10.1.2.3/8, 10.200.0.1, true",
        "192.0.2.1, 192.0.2.1, true",
        "192.0.2.1, 192.0.2.2, false",
        "192.0.2.128/25, 192.0.2.127, false",
        "192.0.2.128/25, 192.0.2.128, true",
        "0.0.0.0/0, 255.255.255.255, true",
        "0.0.0.0/0, 2001:db8::1, false",
        "::/0, 2001:db8::1, true",
        "::/0, 192.0.2.1, false",
        "2001:db8::/33, 2001:db8:7fff::1, true",
        "2001:db8::/33, 2001:db8:8000::, false",
        "::ffff:192.0.2.0/120, 192.0.2.7, true",
        "::ffff:192.0.2.0/120, 192.0.3.7, false",
        "::ffff:192.0.2.1, 192.0.2.1, true",
    })
    void hasTheAddressesOfARange(String range, String address, boolean there) {
        assertThat(set(range).contains(address(address))).isEqualTo(there);
    }

    /** A socket for both kinds of addresses, or a header, may give an address in this form. */
    @Test
    void anIpv4AddressInIpv6IsAnIpv4Address() throws UnknownHostException {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xff;
        mapped[11] = (byte) 0xff;
        mapped[12] = 10;
        assertThat(set("10.0.0.0/8").contains(InetAddress.getByAddress(mapped))).isTrue();
        assertThat(set("::ffff:10.0.0.0/104").contains(InetAddress.getByAddress(mapped)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"::ffff:10.0.0.0/95", "10.0.0.0/33", "::/129", "10.0.0/8", "localhost", "", "10.0.0.0/"})
    void whatIsNoRangeIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> AddressRange.parse(text));
    }

    @Test
    void rangesInOthersAndTheSameOnesTwiceDoNotMatter() {
        AddressSet set = set("10.0.0.0/8", "10.1.0.0/16", "10.0.0.0/8", "10.255.255.255", "12.0.0.0/8");
        assertThat(set).isEqualTo(set("12.0.0.0/8", "10.0.0.0/8")).hasSameHashCodeAs(set("12.0.0.0/8", "10.0.0.0/8"));
        assertThat(set.contains(address("10.2.3.4"))).isTrue();
        assertThat(set.contains(address("11.0.0.0"))).isFalse();
        assertThat(set.contains(address("12.0.0.1"))).isTrue();
        assertThat(set).isNotEqualTo(set("10.0.0.0/8"));
    }

    @Test
    void anEmptyOneHasNone() {
        assertThat(AddressSet.NONE.isEmpty()).isTrue();
        assertThat(AddressSet.NONE.contains(address("127.0.0.1"))).isFalse();
        assertThat(set("127.0.0.1").isEmpty()).isFalse();
    }

    /** The random addresses differ in few bits, so that ranges contain each other and contain the addresses. */
    @Test
    void hasWhatANaiveSearchHas() throws UnknownHostException {
        Random random = new Random(16);
        for (int round = 0; round < 300; round++) {
            List<AddressRange> ranges = new ArrayList<>();
            for (int n = random.nextInt(60); n > 0; n--) {
                InetAddress address = address(random);
                int bits = address.getAddress().length * Byte.SIZE;
                ranges.add(new AddressRange(address, random.nextInt(4) == 0 ? bits : random.nextInt(bits + 1)));
            }
            AddressSet set = AddressSet.of(ranges);
            for (int n = 0; n < 200; n++) {
                InetAddress address = address(random);
                assertThat(set.contains(address))
                        .as("%s in %s", address, ranges)
                        .isEqualTo(ranges.stream().anyMatch(range -> range.contains(address)));
            }
        }
    }

    private static InetAddress address(Random random) throws UnknownHostException {
        byte[] bytes = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(bytes);
        for (int i = 0; i < bytes.length - 2; i++) {
            bytes[i] &= (byte) 0x81;
        }
        return InetAddress.getByAddress(bytes);
    }
}
