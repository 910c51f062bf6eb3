package io.portproxy.config.check;

import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.properties.Secret;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Checks a password with which people log in. */
final class PasswordCheck {
    private static final int MIN_PASSWORD = 8;
    private static final String NOOP = "{noop}";
    private static final String BCRYPT = "\\{bcrypt}\\$2[aby]?\\$(0[4-9]|1[0-6])\\$[./0-9A-Za-z]{53}";

    private PasswordCheck() {}

    /** Returns the password after the name of its encoding; empty if there is a problem with it. */
    static Optional<String> run(Problems problems, Place place, @Nullable Secret password) {
        String fix =
                "write {bcrypt} and the hash, as java -jar portproxy.jar hash-password prints it, or {noop} and the password itself";
        if (password == null || password.text().isEmpty()) {
            problems.add(place, password, password == null ? "is missing" : "is empty", fix);
        } else if (password.text().contains("${")) {
            problems.add(
                    place,
                    password,
                    "is a reference to something that is not set",
                    "set it, as an environment variable or in a file that spring.config.import reads");
        } else if (password.text().startsWith(NOOP)) {
            if (password.text().length() >= NOOP.length() + MIN_PASSWORD) {
                return Optional.of(password.text());
            }
            problems.add(
                    place,
                    password,
                    "is too short: anybody could find it out by trying",
                    "write a password of " + MIN_PASSWORD + " or more characters behind {noop}");
        } else if (password.text().matches(BCRYPT)) {
            return Optional.of(password.text());
        } else {
            problems.add(place, password, "is neither a bcrypt hash behind {bcrypt} nor {noop} and a password", fix);
        }
        return Optional.empty();
    }
}
