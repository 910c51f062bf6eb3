package io.portproxy.testing;

import java.util.List;
import java.util.stream.Stream;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Makes Java derive the keys that protect a key store in one iteration, and not in ten thousand. Each SSL bundle is a key store in
 * memory, and the keys of tests are no secrets. The test launcher finds this class through META-INF/services.
 */
public final class QuickKeyStores implements LauncherSessionListener {
    private static final List<String> COUNTS = List.of(
            "keystore.pkcs12.macIterationCount",
            "keystore.pkcs12.certPbeIterationCount",
            "keystore.pkcs12.keyPbeIterationCount");

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        COUNTS.forEach(count -> System.setProperty(count, "1"));
    }

    /** Returns options for {@code keytool}, which runs in a process of its own. */
    static Stream<String> keytoolOptions() {
        return COUNTS.stream().map(count -> "-J-D" + count + "=1");
    }
}
