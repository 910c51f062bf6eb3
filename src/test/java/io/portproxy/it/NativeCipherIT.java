package io.portproxy.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;
import io.portproxy.testing.PlainSocket;
import io.portproxy.testing.Target;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Tests a tunnel over TLS where the native library computes AES-GCM at one end and the JDK at the other. */
class NativeCipherIT {
    private static final String NATIVE = "TLS: AES-GCM is computed by AWS-LC";
    private static final int BYTES = 3_000_000;

    @RegisterExtension
    final Children children = Children.ofTest();

    @TempDir
    Path folder;

    @Test
    void bothUnderstandEachOther() throws Exception {
        Throwable error = AmazonCorrettoCryptoProvider.INSTANCE.getLoadingError();
        assumeTrue(error == null, () -> "no native library for this system: " + error);
        try (Target echo = Target.echo()) {
            TwoProcesses processes = new TwoProcesses(children, folder, Way.EXTENDED_OVER_TLS)
                    .clientOption("--portproxy.native-cipher=false");
            int port = processes.expose("tcp", echo.port());
            TwoProcesses.Running running = processes.start();

            assertThat(running.server().countLines(NATIVE)).isOne();
            assertThat(running.client().countLines(NATIVE)).isZero();
            byte[] sent = new byte[BYTES];
            new Random(1).nextBytes(sent);
            try (PlainSocket user = PlainSocket.connect(TwoProcesses.address(port))) {
                user.send(sent);
                assertThat(user.awaitReceived(BYTES)).isEqualTo(sent);
            }
            running.assertNothingWentWrong();
        }
    }
}
