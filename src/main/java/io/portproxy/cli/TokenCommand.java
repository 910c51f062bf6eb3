package io.portproxy.cli;

import java.security.SecureRandom;
import java.util.HexFormat;
import picocli.CommandLine.Command;

@Command(name = "token", description = "Prints a new token: 64 random hexadecimal digits.")
final class TokenCommand implements SmallCommand {
    private static final int BYTES = 32;

    @Override
    public void run(Console console) {
        byte[] bytes = new byte[BYTES];
        new SecureRandom().nextBytes(bytes);
        console.out().println(HexFormat.of().formatHex(bytes));
    }
}
