package io.portproxy.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FeaturesTest {
    private static final Features UNKNOWN = new Features(0x8000_0000);

    @Test
    void areThoseThatWereAdded() {
        Features two = Features.EXPOSE.and(Features.FIRST_BYTES);

        assertThat(two.has(Features.EXPOSE)).isTrue();
        assertThat(two.has(Features.FIRST_BYTES)).isTrue();
        assertThat(two.has(Features.DATAGRAMS)).isFalse();
        assertThat(two.has(Features.ALL)).isFalse();
        assertThat(Features.NONE.has(Features.EXPOSE)).isFalse();
    }

    @Test
    void areSharedIfBothSidesHaveThem() {
        Features remotes = Features.EXPOSE.and(Features.DATAGRAMS).and(UNKNOWN);

        assertThat(remotes.sharedWith(Features.ALL)).isEqualTo(new Features(3));
        assertThat(remotes.sharedWith(Features.DATAGRAMS.and(Features.FIRST_BYTES)))
                .isEqualTo(Features.DATAGRAMS);
        assertThat(remotes.sharedWith(Features.NONE)).isEqualTo(Features.NONE);
    }
}
