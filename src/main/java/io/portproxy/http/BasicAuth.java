package io.portproxy.http;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The users who may send requests to a target, by HTTP's scheme {@code Basic} (RFC 7617).
 *
 * @param realm the text that browsers show when they ask for a password; printable ASCII without quotes and backslashes
 * @param users the users who have access; at least one
 * @param except the paths, with all paths below them, that need no password, as {@link RequestPath#require} returns
 *     them
 * @param pass whether the target gets the credentials; otherwise they are removed from each request
 * @param passwords compares passwords; always the same object, so that equal settings are equal
 */
public record BasicAuth(String realm, List<User> users, List<String> except, boolean pass, Passwords passwords) {
    /**
     * A user who has access.
     *
     * @param name a name without a colon
     * @param password the encoded password, after the name of its encoding in braces, such as <code>{bcrypt}</code>
     */
    public record User(String name, String password) {
        /** Returns the name, without the password. */
        @Override
        public String toString() {
            return name;
        }
    }

    /** Compares a password with an encoded one. This takes noticeable time. Any thread. */
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
     * Returns whether a request needs no password because of its path. Such a path must be written plainly, without
     * escapes, parameters or dots. Targets differ in how they read other spellings, and a target must not read an
     * exempt path as one that needs a password.
     *
     * @throws RefusedException with 400, if the path is malformed
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

    /** Returns the user's name in the credentials; empty if the credentials are malformed. */
    public static Optional<String> name(String credentials) {
        return decoded(credentials).map(text -> text.substring(0, text.indexOf(':')));
    }

    /** Returns whether the credentials are those of a user. The check takes as long for an unknown name as for a known one. */
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
