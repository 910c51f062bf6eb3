package io.portproxy.cli;

import java.nio.charset.StandardCharsets;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import picocli.CommandLine.Command;

@Command(
        name = "hash-password",
        description = {
            "Makes a bcrypt hash of a password, for portproxy.admin.users[].password.",
            "Asks for the password at a terminal. Otherwise reads it from the standard input."
        })
final class HashPasswordCommand implements SmallCommand {
    private static final int MIN_LENGTH = 8;
    /** bcrypt ignores all bytes after this one. */
    private static final int MAX_BYTES = 72;

    @Override
    public void run(Console console) {
        String password = console.prompt()
                .map(prompt -> {
                    String first = prompt.apply("Password: ");
                    if (!first.equals(prompt.apply("Again: "))) {
                        throw new WrongUseException("the two passwords differ: try again");
                    }
                    return first;
                })
                .orElseGet(() -> new Secrets(console).read("hash-password", Secrets.INPUT));
        if (password.length() < MIN_LENGTH) {
            throw new WrongUseException(
                    "the password is too short: write one of " + MIN_LENGTH + " or more characters");
        } else if (password.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            throw new WrongUseException("the password is longer than the " + MAX_BYTES + " bytes that bcrypt looks at");
        }
        console.out().println("{bcrypt}" + new BCryptPasswordEncoder().encode(password));
    }
}
