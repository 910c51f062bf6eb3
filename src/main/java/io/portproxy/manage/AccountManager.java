package io.portproxy.manage;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Looks at the users and tokens of the admin API that the store has, and changes them. Any thread; what changes something blocks.
 *
 * <p>What changes something throws, where its documentation says nothing else: {@link NoSuchException}, there is no such user or token;
 * {@link ConflictException}, a file declares the user, it is there already, or nobody would be an admin any more; {@link
 * StoreException}, it cannot be kept.
 */
public final class AccountManager {
    /** More are for a directory of users, which this is none. */
    private static final int MOST = 1000;

    private final AccountStore store;
    private final Set<String> namesOfFiles;
    private final boolean adminInFiles;
    private final List<Consumer<String>> listeners = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> keptLate = new CopyOnWriteArrayList<>();
    private volatile Accounts accounts;

    /**
     * Reads what there is; blocks.
     *
     * @param namesOfFiles the users that files declare, which win
     * @param adminInFiles whether one of them is an admin
     * @throws StoreException it cannot be read
     */
    public AccountManager(AccountStore store, Set<String> namesOfFiles, boolean adminInFiles) {
        this.store = store;
        this.namesOfFiles = new HashSet<>(namesOfFiles);
        this.adminInFiles = adminInFiles;
        accounts = store.loadAccounts();
    }

    /** The store's users, by name; one that a file declares too is not heard. */
    public List<StoredUser> users() {
        return accounts.users();
    }

    /** The store's user with that name, unless a file declares one. */
    public Optional<StoredUser> user(String name) {
        return namesOfFiles.contains(name) ? Optional.empty() : accounts.user(name);
    }

    /** The store's tokens, those that have expired among them. */
    public List<ApiToken> tokens() {
        return accounts.tokens();
    }

    /** Whether there is an admin for whom no password has to be made at a start. */
    public boolean hasAdmin() {
        return adminInFiles || accounts.hasAdmin();
    }

    /** Adds a user. */
    public synchronized void addUser(StoredUser user) {
        if (namesOfFiles.contains(user.name())) {
            throw declared(user.name());
        } else if (accounts.user(user.name()).isPresent()) {
            throw new ConflictException("there is a user " + user.name() + " already");
        }
        requireRoom(accounts.users().size(), "users");
        save(accounts.with(user));
    }

    /** Changes a user, and gives what it is then. */
    public synchronized StoredUser changeUser(String name, Precondition precondition, UnaryOperator<StoredUser> edit) {
        StoredUser changed = edit.apply(require(name, precondition));
        save(accounts.with(changed));
        return changed;
    }

    /** Removes a user, and gives what it was. */
    public synchronized StoredUser removeUser(String name, Precondition precondition) {
        StoredUser removed = require(name, precondition);
        save(accounts.without(name));
        return removed;
    }

    private StoredUser require(String name, Precondition precondition) {
        if (namesOfFiles.contains(name)) {
            throw declared(name);
        }
        StoredUser there = accounts.user(name).orElseThrow(() -> new NoSuchException("no user has the name " + name));
        precondition.require(tag(there));
        return there;
    }

    private static ConflictException declared(String name) {
        return new ConflictException(
                "user " + name + " is declared in a file (portproxy.admin.users): change it there");
    }

    /** What stands for a user as it is, see {@link Tags}. */
    public static String tag(StoredUser user) {
        return Tags.of(List.of(user.name(), user.role(), user.password()));
    }

    /** Adds a token. */
    public synchronized void addToken(ApiToken token) {
        requireRoom(accounts.tokens().size(), "tokens");
        save(accounts.with(token));
    }

    /** Revokes a token, and gives what it was. */
    public synchronized ApiToken removeToken(String id) {
        ApiToken removed = accounts.tokens().stream()
                .filter(token -> token.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new NoSuchException("no token has the id " + id));
        save(accounts.withoutToken(id));
        return removed;
    }

    private static void requireRoom(int there, String what) {
        if (there >= MOST) {
            throw new ConflictException("there are " + MOST + " " + what + " already, which is the limit: remove some");
        }
    }

    /** Takes over what the store has kept late. To be called now and then. */
    void catchUp() {
        store.catchUpAccounts(this::take); // which keeps no change meanwhile
    }

    private synchronized void take(Accounts now) {
        List<String> others = now.principalsOtherThan(accounts);
        List<String> changes = now.changesSince(accounts);
        accounts = now;
        changes.forEach(change -> keptLate.forEach(listener -> listener.accept(change)));
        others.forEach(principal -> listeners.forEach(listener -> listener.accept(principal)));
    }

    /**
     * Has something done when a user or a token turns out to be removed or changed by a change that nobody was told of.
     *
     * @param listener gets the name of the user or token, as it is logged in by
     */
    public void whenChangedLate(Consumer<String> listener) {
        listeners.add(listener);
    }

    /**
     * Has something done with each change that nobody was told of.
     *
     * @param listener gets it as a line of the audit log has it, without who has asked for it: that is not known any more
     */
    public void whenKeptLate(Consumer<String> listener) {
        keptLate.add(listener);
    }

    private void save(Accounts next) {
        if (!adminInFiles && accounts.hasAdmin() && !next.hasAdmin()) {
            throw new ConflictException(
                    "that is the last admin, without whom nobody could change anything: make another one first");
        }
        store.saveAccounts(next);
        accounts = next;
    }
}
