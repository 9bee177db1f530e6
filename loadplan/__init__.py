"""loadplan: what did I load, what changed before it hurt, and what do I run next?"""
