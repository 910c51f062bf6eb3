package io.portproxy.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Who may send requests to a target, by HTTP's scheme {@code Basic} (RFC 7617).
 *
 * @param realm what users are asked for, as browsers show it; printable ASCII without quotes and backslashes
 * @param users who may; at least one
 * @param except paths below which nobody is asked, as {@link RequestPath#require} gives them
 * @param pass whether the target gets the credentials; otherwise they are taken out of each request
 * @param passwords compares passwords; always the same, so that equal settings are equal
 */
public record BasicAuth(String realm, List<User> users, List<String> except, boolean pass, Passwords passwords) {
    /**
     * One who may.
     *
     * @param name without a colon
     * @param password behind the name of its encoding in braces, such as <code>{bcrypt}</code>
     */
    public record User(String name, String password) {
        /** Without the password. */
        @Override
        public String toString() {
            return name;
        }
    }

    /** Compares a password with an encoded one. Takes its time; any thread. */
    @FunctionalInterface
    public interface Passwords {
        boolean match(String password, String encoded);
    }

    public BasicAuth {
        users = List.copyOf(users);
        except = List.copyOf(except);
        if (users.isEmpty()) {
            throw new IllegalArgumentException("nobody may");
        }
    }

    /**
     * Whether nobody is asked for a request's path. Only one that is written plainly, without escapes, parameters or dots, is: targets
     * differ in what they take another for, and none may take it for a path for which users are asked.
     *
     * @throws RefusedException with 400, if that cannot be told
     */
    public boolean isExempt(RequestView request) throws RefusedException {
        if (except.isEmpty()) {
            return false;
        }
        String path = RequestPath.of(request.target());
        String written = RequestPath.pathOf(request.target());
        boolean plain = written.indexOf('%') < 0
                && written.indexOf('\\') < 0
                && (written.equals(path) || written.equals(path + "/"));
        if (!plain) {
            return false;
        }
        return except.stream()
                .anyMatch(prefix -> prefix.equals("/") || path.equals(prefix) || path.startsWith(prefix + "/"));
    }

    /** The name in credentials; empty if they are malformed. */
    public static Optional<String> name(String credentials) {
        return decoded(credentials).map(text -> text.substring(0, text.indexOf(':')));
    }

    /** Whether they are those of a user. Takes as long for a name that there is not. */
    public boolean areRight(String credentials) {
        Optional<String> text = decoded(credentials);
        if (text.isEmpty()) {
            return false;
        }
        int colon = text.get().indexOf(':');
        String name = text.get().substring(0, colon);
        Optional<User> user =
                users.stream().filter(each -> each.name().equals(name)).findFirst();
        boolean matches = passwords.match(
                text.get().substring(colon + 1), user.orElse(users.get(0)).password());
        return matches && user.isPresent();
    }

    private static Optional<String> decoded(String credentials) {
        try {
            String text = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
            return text.indexOf(':') < 0 ? Optional.empty() : Optional.of(text);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
